"""Vary an imputation estimate: parts, leave-outs, sensitivity rows, specification grid."""
