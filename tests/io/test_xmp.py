from xml.etree import ElementTree

from fast_style.io.xmp import clean_xmp

_HEAD = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" """
_TAIL = """</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def make(attributes="", elements=""):
    return f"{_HEAD}{attributes}>{elements}{_TAIL}".encode()


def test_what_it_says_of_the_picture_stays():
    data = make('dc:title="Harbour"', "<dc:creator>Jana Čapková</dc:creator>")

    assert clean_xmp(data) == data
    assert clean_xmp(data.decode()) == data
    assert clean_xmp(data + b"\0 \n") == data


def test_orientation_size_and_preview_go_in_both_forms():
    attributes = make(
        'tiff:Orientation="6" tiff:ImageWidth = "90"\n exif:PixelXDimension=\'90\' '
        'dc:title="Harbour"'
    )
    elements = make(
        elements="<tiff:Orientation>6</tiff:Orientation><dc:title>Harbour</dc:title>"
        "<exif:PixelYDimension>60</exif:PixelYDimension>"
        "<xmp:Thumbnails><rdf:Alt>\n<rdf:li>AAAA</rdf:li></rdf:Alt></xmp:Thumbnails>"
    )

    for data in (attributes, elements):
        cleaned = clean_xmp(data)
        ElementTree.fromstring(cleaned)
        assert b"Harbour" in cleaned
        for word in (b"Orientation", b"ImageWidth", b"Dimension", b"Thumbnails"):
            assert word not in cleaned


def test_what_describes_other_parts_of_the_file_goes_as_a_whole():
    attributes = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"'

    assert clean_xmp(make(attributes + ' hdrgm:Version="1.0"')) is None


def test_none_and_what_is_damaged_or_dangerous_is_none():
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>"

    assert clean_xmp(None) is None
    assert clean_xmp(b"") is None
    assert clean_xmp(make()[:-60]) is None
    assert clean_xmp(bomb) is None
