from datetime import date

from bank.importer import check_balance, read
from bank.rows import Row


def test_reads_rows_below_a_heading():
    result = read("Date;Text;Amount\n2024-03-01;Salary  March;2,500.00\n02.03.2024;Rent;-800.00\n")
    assert result.rows == [Row(date(2024, 3, 1), "Salary March", 250000), Row(date(2024, 3, 2), "Rent", -80000)]
    assert result.skipped == []


def test_trailing_minus():
    assert read("2024-03-01;Card;12.50-").rows[0].amount == -1250


def test_money_going_out_in_brackets():
    result = read("Date;Text;Amount\n2024-03-01;Sale;100.00\n2024-03-02;Bank fee;(12.50)\n")
    assert [row.amount for row in result.rows] == [10000, -1250]
    assert check_balance(result, 0, 8750) == 0


def test_reports_what_is_no_booking():
    result = read("Date;Text;Amount\n\n2024-03-01;Sale;12.5\nTotal;;100\n")
    assert result.rows == []
    assert result.skipped == [(3, "2024-03-01;Sale;12.5"), (4, "Total;;100")]


def test_text_with_the_delimiter():
    assert read('2024-03-01;"Cafe; bar";-3').rows[0] == Row(date(2024, 3, 1), "Cafe; bar", -300)
