import datetime
import io

import pypdf
import pytest

from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import Document
from esscarto.sheets.place import place
from esscarto.site import Site
from esscarto.territories import Territory


@pytest.mark.parametrize("wide", [60.0, 170.0])
def test_a_map_names_its_towns_whatever_its_size(site: Site, wide: float):
    pdf = Document("Essai", datetime.date(2026, 11, 28), "Essai")
    pdf.add_page()
    drawn = place(site, Territory("epci", "200071991"))
    assert draw_map(pdf, drawn, 10, 10, wide, 100) <= 100
    said = pypdf.PdfReader(io.BytesIO(bytes(pdf.output()))).pages[0].extract_text()
    names = [name for name, _, _ in drawn.names]
    assert "Villers-Cotterêts" in names
    assert all(name in said for name in names), said
