// Package bucket limits how often something happens.
package bucket

import (
	"fmt"
	"time"
)

// Bucket holds tokens. It starts full, fills at a steady rate and never holds
// more than its size.
type Bucket struct {
	size   float64
	rate   float64
	tokens float64
	last   time.Time
}

// New makes a full bucket that gains perSecond tokens each second.
func New(size int, perSecond float64, now time.Time) (*Bucket, error) {
	if size < 1 || perSecond <= 0 {
		return nil, fmt.Errorf("bucket of %d with %g per second would never open", size, perSecond)
	}
	return &Bucket{size: float64(size), rate: perSecond, tokens: float64(size), last: now}, nil
}

// Take removes n tokens and tells whether there were that many. Without
// enough tokens none is removed.
func (b *Bucket) Take(n int, now time.Time) bool {
	b.fill(now)
	if b.tokens < float64(n) {
		return false
	}
	b.tokens -= float64(n)
	return true
}

// Wait returns how long it takes until there are n tokens, and whether that
// can ever be.
func (b *Bucket) Wait(n int, now time.Time) (time.Duration, bool) {
	if float64(n) > b.size {
		return 0, false
	}
	b.fill(now)
	missing := float64(n) - b.tokens
	if missing <= 0 {
		return 0, true
	}
	return time.Duration(missing / b.rate * float64(time.Second)), true
}

// fill adds the tokens gained since the last call. Clocks may go back; then
// nothing is gained or lost.
func (b *Bucket) fill(now time.Time) {
	passed := now.Sub(b.last)
	if passed <= 0 {
		return
	}
	b.tokens += passed.Seconds() * b.rate
	b.last = now
}
