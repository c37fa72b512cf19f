// Package gate lets callers in, each as often as their plan allows.
package gate

import (
	"errors"
	"time"

	"example.com/gate/bucket"
)

// ErrTooMany is returned to callers who should come back later.
var ErrTooMany = errors.New("too many requests")

// Plan is what a caller has paid for.
type Plan struct {
	Burst     int
	PerSecond float64
}

// Gate keeps a bucket for each caller.
type Gate struct {
	plans   map[string]Plan
	free    Plan
	buckets map[string]*bucket.Bucket
	now     func() time.Time
}

// New makes a gate; callers without a plan of their own have the free one.
func New(free Plan, plans map[string]Plan, now func() time.Time) *Gate {
	return &Gate{plans: plans, free: free, buckets: map[string]*bucket.Bucket{}, now: now}
}

// Enter counts a request. It returns ErrTooMany when the caller is too fast.
func (g *Gate) Enter(caller string) error {
	b, ok := g.buckets[caller]
	if !ok {
		plan, paid := g.plans[caller]
		if !paid {
			plan = g.free
		}
		made, err := bucket.New(plan.Burst, plan.PerSecond, g.now())
		if err != nil {
			return err
		}
		g.buckets[caller] = made
		b = made
	}
	if !b.Take(1, g.now()) {
		return ErrTooMany
	}
	return nil
}

// Callers is the number of callers seen so far.
func (g *Gate) Callers() int { return len(g.buckets) }
