import pytest

from bank.amounts import cents, is_amount
from bank.importer import read


@pytest.mark.parametrize("text, expected", [
    ("(12.50)", -1250), ("(1,234.50)", -123450), ("(7)", -700), ("(1,234,567.89)", -123456789), (" (0.05) ", -5), ("(1250.00)", -125000),
    ("12.50", 1250), ("-12.50", -1250), ("- 12.50", -1250), ("12.50-", -1250), ("1,000", 100000), ("1,000-", -100000), ("0.05", 5), ("-0.05", -5), ("0", 0),
])
def test_amounts(text, expected):
    assert is_amount(text)
    assert cents(text) == expected
    row, = read(f"2024-03-01;x;{text}").rows
    assert row.amount == expected


@pytest.mark.parametrize("text", ["", "()", "(12.50", "12.50)", "12,50", "(12,50)", "1,23.00", "((1.00))", "(abc)", "abc", "12.5", "(12.5)", "-", "(1.00) x"])
def test_no_amounts(text):
    assert not is_amount(text)
    result = read(f"Date;Text;Amount\n2024-03-01;x;{text}")
    assert result.rows == [] and len(result.skipped) == 1
