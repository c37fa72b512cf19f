package spans

import (
	"math/rand"
	"reflect"
	"testing"
)

func TestMergeLikeMinuteByMinute(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	for round := 0; round < 300; round++ {
		var all []Span
		var in [60]bool
		for n := random.Intn(9); n > 0; n-- {
			start := random.Intn(50)
			span := Span{start, start + 1 + random.Intn(9)}
			all = append(all, span)
			for minute := span.Start; minute < span.End; minute++ {
				in[minute] = true
			}
		}
		var want []Span
		total := 0
		for minute := 0; minute < 60; minute++ {
			if !in[minute] {
				continue
			}
			total++
			if len(want) > 0 && want[len(want)-1].End == minute {
				want[len(want)-1].End++
			} else {
				want = append(want, Span{minute, minute + 1})
			}
		}
		before := append([]Span(nil), all...)
		got := Merge(all)
		if len(got) != len(want) || (len(want) > 0 && !reflect.DeepEqual(got, want)) {
			t.Fatalf("Merge(%v) = %v, want %v", before, got, want)
		}
		if Total(all) != total {
			t.Fatalf("Total(%v) = %d, want %d", before, Total(all), total)
		}
		if !reflect.DeepEqual(all, before) {
			t.Fatalf("Merge changed its argument: %v, was %v", all, before)
		}
	}
}

func TestGapsBesideALongOne(t *testing.T) {
	got := Gaps(0, 100, []Span{{10, 80}, {20, 30}, {80, 90}})
	if want := []Span{{0, 10}, {90, 100}}; !reflect.DeepEqual(got, want) {
		t.Errorf("Gaps = %v, want %v", got, want)
	}
}
