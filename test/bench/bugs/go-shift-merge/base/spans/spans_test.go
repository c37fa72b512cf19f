package spans

import (
	"errors"
	"reflect"
	"testing"
)

func TestMergeJoinsOverlaps(t *testing.T) {
	got := Merge([]Span{{600, 700}, {480, 540}, {650, 720}})
	want := []Span{{480, 540}, {600, 720}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Merge = %v, want %v", got, want)
	}
}

func TestMergeWithAShiftInsideAnother(t *testing.T) {
	got := Merge([]Span{{480, 960}, {600, 660}})
	want := []Span{{480, 960}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Merge = %v, want %v", got, want)
	}
}

func TestGaps(t *testing.T) {
	got := Gaps(480, 1020, []Span{{540, 600}, {700, 710}})
	want := []Span{{480, 540}, {600, 700}, {710, 1020}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Gaps = %v, want %v", got, want)
	}
}

func TestNewRefusesNothing(t *testing.T) {
	if _, err := New(600, 600); !errors.Is(err, ErrEmpty) {
		t.Errorf("New(600, 600) = %v, want ErrEmpty", err)
	}
}

func TestString(t *testing.T) {
	if got := (Span{545, 600}).String(); got != "09:05-10:00" {
		t.Errorf("String = %q", got)
	}
}
