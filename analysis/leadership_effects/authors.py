"""Name the authors of a source in a citation, and address its DOI."""

from __future__ import annotations

OTHERS = "et al."
NAMED = 3  # a citation names as many authors; of more it names the first


def author_names(cell: str) -> tuple[list[str], bool]:
    """Split a cell of authors into surnames.

    Parameters
    ----------
    cell : str
        Surnames separated by ``; ``; the last element may be ``et al.``; empty where the issuing body is the author.

    Returns
    -------
    tuple of list of str and bool
        The surnames, and whether there are others.

    Examples
    --------
    >>> author_names("Walsh; Dotter"), author_names("Beg; et al."), author_names("")
    ((['Walsh', 'Dotter'], False), (['Beg'], True), ([], False))
    """
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return [part for part in parts if part != OTHERS], OTHERS in parts


def listed(names: list[str], others: bool = False) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["Adnot", "Dee", "Katz"]), listed(["Walsh", "Dotter"], others=True)
    ('Adnot, Dee and Katz', 'Walsh, Dotter and others')
    """
    parts = [*names, "others"] if others and names else names
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def cited_authors(cell: str) -> str:
    """Return the authors of a source as a citation names them, empty without any.

    Examples
    --------
    >>> cited_authors("Walsh; Dotter"), cited_authors("Adnot; Dee; Katz; Wyckoff"), cited_authors("Beg; et al.")
    ('Walsh and Dotter', 'Adnot and others', 'Beg and others')
    """
    names, others = author_names(cell)
    short = others or len(names) > NAMED
    return listed(names[:1], short) if short else listed(names)


def doi_address(doi: str) -> str:
    """Return the address at which a DOI resolves, whether or not it is written as one.

    Examples
    --------
    >>> doi_address("10.1000/182"), doi_address("https://doi.org/10.1000/182")
    ('https://doi.org/10.1000/182', 'https://doi.org/10.1000/182')
    """
    return f"https://doi.org/{doi[doi.index('10.') :]}" if "10." in doi else doi
