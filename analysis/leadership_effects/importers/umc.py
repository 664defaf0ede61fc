"""Read district workbooks of Peru's ministry (UMC) by a mapping: shares by level.

No documentation of the workbooks' layout was found. The template follows a public script that reads two of them
(https://github.com/unimauro/impacto-pisa, ``etl/educacion_extra.py``): the code of the place in column A, the shares that
reach *Satisfactorio* in columns J (reading) and N (mathematics), the header in row 4, ``-`` where too few pupils sat the
test. Which columns hold the names of region, province and district it does not say: look, and correct the mapping.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leadership_effects.importers import files
from leadership_effects.importers.mapped import read_mapped
from leadership_effects.importers.model import ImportRefused, Loader, Places, Reading

ADDRESS = "http://umc.minedu.gob.pe/"
TEMPLATE = """# Mapping for the district workbook of grade 4, 2016, 2018 and 2024. Columns J and N, the header in row 4 and the sheet
# names are as a public script reads them; the columns of the names are a guess. `check` stops the import if it is wrong.
# Other years and grades: further entries, with their own indicators.
tables:
  - sheet: Distrital ECE  2016 4P
    check: {D4: Provincia, E4: Distrito}
    first_row: 5
    only: {C: ANCASH}
    panel: huari
    unit_type: district
    name: [C, D, E]
    year: 2016
    values: {ece4p_reading: J, ece4p_maths: N}
  - sheet: Distrital ECE  2018 4P
    check: {D4: Provincia, E4: Distrito}
    first_row: 5
    only: {C: ANCASH}
    panel: huari
    unit_type: district
    name: [C, D, E]
    year: 2018
    values: {ece4p_reading: J, ece4p_maths: N}
missing: ["-"]
units: {}
indicators: {}
"""


def read(path: Path, places: Places, mapping: dict[str, Any] | None = None) -> Reading:
    """Read shares by district, as the mapping says.

    Raises
    ------
    ImportRefused
        If there is no mapping or it does not fit the workbook.
    """
    files.expect(path, ("workbook", "csv"), ADDRESS)
    if not mapping or not mapping.get("tables"):
        raise ImportRefused(
            f"{path.name}: the layout of these workbooks is not documented, so they take a mapping; write one to start "
            "from with: nox -s import -- umc --map-template umc.yml"
        )
    return read_mapped(path, places, mapping)


LOADER = Loader(
    name="umc",
    title="District results of the national tests of Peru, by level",
    publisher="Ministerio de Educación del Perú, Oficina de Medición de la Calidad de los Aprendizajes (UMC)",
    address=ADDRESS,
    licence="Peruvian public data, no explicit licence",
    layout="District workbook. No documentation found: takes a mapping.",
    read=read,
    template=TEMPLATE,
)
