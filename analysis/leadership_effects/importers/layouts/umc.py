"""Declare district workbooks of Peru's ministry (UMC), shares by level, read by a mapping.

No documentation of the workbooks' layout was found. The template follows a public script that reads two of them
(https://github.com/unimauro/impacto-pisa, ``etl/educacion_extra.py``): the code of the place in column A, the shares that
reach *Satisfactorio* in columns J (reading) and N (mathematics), the header in row 4, ``-`` where too few pupils sat the
test. Which columns hold the names of region, province and district is not known: look, and correct the mapping.
"""

from __future__ import annotations

from leadership_effects.importers.model import Loader

LOADER = Loader(
    name="umc",
    title="District results of the national tests of Peru, by level",
    publisher="Ministerio de Educación del Perú, Oficina de Medición de la Calidad de los Aprendizajes (UMC)",
    address="http://umc.minedu.gob.pe/",
    licence="Peruvian public data, no explicit licence",
    layout="District workbook. No documentation found: takes a mapping.",
    kinds=("workbook", "csv"),
)
