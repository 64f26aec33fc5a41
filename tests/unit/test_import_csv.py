"""A CSV file as it comes from a depot's computer: encodings, delimiters, quotes, and lines that are no rows."""

import pytest

from datasources.imports.csv_file import CsvSheet
from datasources.imports.sheet import Columns
from domain.errors import SourceMalformed, SourceUnavailable

COLUMNS = Columns(required=("tank", "level_mm"), optional=("note",))


@pytest.fixture
def sheet(tmp_path):
    opened = []

    def write_and_open(content, *, block_rows=100):
        path = tmp_path / "levels.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        opened.append(CsvSheet(path, COLUMNS, block_rows=block_rows))
        return opened[-1]

    yield write_and_open
    for one in opened:
        one.close()


def rows(opened):
    found = []
    for block in opened:
        found += [(n, *cells) for n, *cells in zip(block.lines, *block.cells.values(), strict=True)]
    return found


@pytest.mark.parametrize(
    "content",
    [
        "tank,level_mm\n甲-1,10\nT-2,20\n",
        "\ufefftank,level_mm\r\n甲-1,10\r\nT-2,20",
        "tank\tlevel_mm\n甲-1\t10\nT-2\t20\n",
        'tank,level_mm\n"甲-1",10\nT-2,"20"\n',
        "tank,level_mm,,\n甲-1,10,,\nT-2,20,,\n",
        "level_mm,tank\n10,甲-1\n20,T-2\n",
        "tank,level_mm\n甲-1,10\nT-2,20\n,\n\n",
    ],
)
def test_the_same_table_in_many_dresses(sheet, content):
    opened = sheet(content)
    assert rows(opened) == [(2, "甲-1", "10"), (3, "T-2", "20")]
    assert opened.notes == ()


def test_gb_18030_is_read_and_said(sheet):
    opened = sheet("tank,level_mm\n甲罐,10\n".encode("gb18030"))
    assert rows(opened) == [(2, "甲罐", "10")]
    assert opened.notes == ("not UTF-8: read as GB 18030",)


def test_bytes_of_no_encoding_spoil_their_own_line(sheet):
    opened = sheet(b"tank,level_mm\nT-1,10\n\xff\xff\xff,20\nT-3,30\n")
    assert "rows with other bytes are bad" in opened.notes[0]
    (block,) = opened
    assert list(block.lines) == [2, 4]
    assert [(p.line, p.wrong) for p in block.problems] == [(3, "bytes that are neither UTF-8 nor GB 18030")]


def test_an_open_quotation_mark_spoils_its_own_line(sheet):
    (block,) = sheet('tank,level_mm\n"T-1,10\nT-2,20\nT-3,"30\n"\nT-4,40\n')
    assert list(block.lines) == [3, 6]
    assert [p.line for p in block.problems] == [2, 4, 5]
    assert "quotation mark" in block.problems[0].wrong


def test_a_line_with_other_cells_than_the_header_is_no_row(sheet):
    (block,) = sheet("tank,level_mm\nT-1,1,234\nT-2\nT-3,30\n")
    assert list(block.lines) == [4]
    assert [(p.line, p.wrong) for p in block.problems] == [
        (2, "3 cells, the header has 2"),
        (3, "1 cells, the header has 2"),
    ]


def test_two_wrong_lines_do_not_make_a_right_one(sheet):
    (block,) = sheet("tank,level_mm,note\nT-1,10\nT-2,20,a,b\n")
    assert list(block.lines) == []
    assert [p.line for p in block.problems] == [2, 3]


def test_lines_are_counted_over_blocks_and_blank_rows(sheet):
    body = "".join(f"T-{n},{n}\n" if n % 3 else "\n" for n in range(2, 12))
    assert [line for line, _, _ in rows(sheet(f"tank,level_mm\n{body}", block_rows=4))] == [
        n for n in range(2, 12) if n % 3
    ]


def test_a_column_that_nobody_reads_is_said(sheet):
    opened = sheet("tank,level_m,level_mm\nT-1,1,10\n")
    assert rows(opened) == [(2, "T-1", "10")]
    assert opened.notes == ("not read: level_m",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("tank,level\nT-1,10\n", "no column level_mm; needed are tank, level_mm; allowed are also note"),
        ("", "no column tank, level_mm"),
        ("tank,tank,level_mm\n", "column tank is there twice"),
        (b"PK\x03\x04rest", "an Excel workbook: save it from Excel as 'CSV UTF-8'"),
        ("tank,level_mm".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_remedy(sheet, content, says):
    with pytest.raises(SourceMalformed, match=r"levels\.csv") as refused:
        sheet(content)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceUnavailable, match=r"gone\.csv.*No such file"):
        CsvSheet(tmp_path / "gone.csv", COLUMNS, block_rows=10)
