"""Vary an imputation estimate: parts of it, leave-outs, sensitivity rows and the specification grid."""
