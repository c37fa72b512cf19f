// Package spans works with stretches of minutes since midnight.
package spans

import (
	"errors"
	"fmt"
	"sort"
)

// Span is a stretch of time; it contains Start but not End.
type Span struct {
	Start, End int
}

// ErrEmpty is returned for a span that contains nothing.
var ErrEmpty = errors.New("span is empty")

// New makes a span. It returns ErrEmpty when end is not behind start.
func New(start, end int) (Span, error) {
	if end <= start {
		return Span{}, fmt.Errorf("%d to %d: %w", start, end, ErrEmpty)
	}
	return Span{start, end}, nil
}

// Minutes is the length of the span.
func (s Span) Minutes() int { return s.End - s.Start }

// Contains tells whether a minute is within the span.
func (s Span) Contains(minute int) bool { return s.Start <= minute && minute < s.End }

// String writes the span as clock times.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.Start/60, s.Start%60, s.End/60, s.End%60)
}

// Merge returns the minutes that any of the spans contains, as few spans as
// possible, by start. Spans that touch become one. The argument is not changed.
func Merge(all []Span) []Span {
	sorted := make([]Span, len(all))
	copy(sorted, all)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Start < sorted[j].Start })
	var merged []Span
	for _, next := range sorted {
		if len(merged) > 0 && next.Start <= merged[len(merged)-1].End {
			merged[len(merged)-1].End = next.End
			continue
		}
		merged = append(merged, next)
	}
	return merged
}

// Gaps returns what is left of the day between open and close when all the
// spans are taken out.
func Gaps(open, close int, taken []Span) []Span {
	var gaps []Span
	at := open
	for _, span := range Merge(taken) {
		if span.Start > at {
			gaps = append(gaps, Span{at, min(span.Start, close)})
		}
		at = max(at, span.End)
		if at >= close {
			return gaps
		}
	}
	return append(gaps, Span{at, close})
}

// Total is the number of minutes that any of the spans contains.
func Total(all []Span) int {
	total := 0
	for _, span := range Merge(all) {
		total += span.Minutes()
	}
	return total
}
