"""A QR code on a page (ISO/IEC 18004), drawn as areas: it stays sharp at any size."""

import segno

from esscarto.documents.pdf_page import Document


def draw_code(pdf: Document, address: str, x: float, y: float, side: float) -> None:
    """Draw the code of an address in a square (millimetres).

    Its quiet zone is four modules, as the norm asks.
    """
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    module = side / len(rows)
    pdf.set_fill_color("#000000")
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                pdf.rect(x + start * module, y + down * module, (across - start) * module, module, style="F")
                start = None
