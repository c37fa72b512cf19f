package money

import "testing"

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		amount Cents
		points int64
		want   Cents
	}{
		{100, 1900, 19}, {-100, 1900, -19}, {50, 100, 1}, {-50, 100, -1}, {49, 100, 0}, {-49, 100, 0}, {51, 100, 1}, {-51, 100, -1},
		{150, 100, 2}, {-150, 100, -2}, {0, 1900, 0}, {405, 1900, 77}, {-405, 1900, -77}, {1, 10000, 1}, {-1, 10000, -1},
		{1, 4999, 0}, {-1, 4999, 0}, {1, 5000, 1}, {-1, 5000, -1}, {100, -1900, -19}, {50, -100, -1}, {-50, -100, 1}, {123456789, 1900, 23456790}, {-123456789, 1900, -23456790},
	} {
		if got := c.amount.Percent(c.points); got != c.want {
			t.Errorf("%d.Percent(%d) = %d, want %d", c.amount, c.points, got, c.want)
		}
	}
}

func TestPercentIsTheSameBothWays(t *testing.T) {
	for amount := Cents(0); amount < 3000; amount++ {
		for _, points := range []int64{100, 550, 700, 1900, 2125} {
			if up, down := amount.Percent(points), (-amount).Percent(points); up != -down {
				t.Fatalf("%d.Percent(%d) = %d, but %d for the negative", amount, points, up, down)
			}
		}
	}
}

func TestSplit(t *testing.T) {
	for amount := Cents(-20); amount <= 20; amount++ {
		sum := Cents(0)
		for _, part := range amount.Split(3) {
			sum += part
		}
		if sum != amount {
			t.Errorf("%d.Split(3) adds up to %d", amount, sum)
		}
	}
}
