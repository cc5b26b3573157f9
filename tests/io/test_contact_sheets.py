import numpy as np

from fast_style.io.contact_sheets import make_contact_sheet


def test_contact_sheet_scales_all_to_one_height():
    wide, tall = np.zeros((10, 40, 3)), np.full((40, 20, 3), 200.0)

    sheet = make_contact_sheet([[wide, tall], [tall]], height=20, gap=2)

    assert sheet.shape == (42, 80 + 2 + 10, 3)
    np.testing.assert_array_equal(sheet[5, 5], [0, 0, 0])
    np.testing.assert_array_equal(sheet[5, 85], [200, 200, 200])
    np.testing.assert_array_equal(sheet[30, 5], [200, 200, 200])
    np.testing.assert_array_equal(sheet[30, 50], [255, 255, 255])
