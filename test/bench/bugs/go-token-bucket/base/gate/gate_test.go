package gate

import (
	"errors"
	"testing"
	"time"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func open() (*Gate, *clock) {
	c := &clock{time.Unix(1_700_000_000, 0)}
	return New(Plan{Burst: 2, PerSecond: 1}, map[string]Plan{"shop": {Burst: 5, PerSecond: 10}}, c.now), c
}

// entered counts how many of the tries get in.
func entered(t *testing.T, g *Gate, caller string, tries int) int {
	t.Helper()
	count := 0
	for range make([]int, tries) {
		switch err := g.Enter(caller); {
		case err == nil:
			count++
		case !errors.Is(err, ErrTooMany):
			t.Fatal(err)
		}
	}
	return count
}

func TestBurst(t *testing.T) {
	g, _ := open()
	if got := entered(t, g, "guest", 4); got != 2 {
		t.Errorf("guest entered %d times, want 2", got)
	}
	if got := entered(t, g, "shop", 9); got != 5 {
		t.Errorf("shop entered %d times, want 5", got)
	}
}

func TestComesBackLater(t *testing.T) {
	g, c := open()
	entered(t, g, "guest", 2)
	c.pass(time.Second)
	if got := entered(t, g, "guest", 3); got != 1 {
		t.Errorf("guest entered %d times, want 1", got)
	}
}

func TestAQuietHourBuysNoBiggerBurst(t *testing.T) {
	g, c := open()
	entered(t, g, "guest", 2)
	c.pass(time.Hour)
	if got := entered(t, g, "guest", 10); got != 2 {
		t.Errorf("guest entered %d times, want 2", got)
	}
}

func TestCallersDoNotShare(t *testing.T) {
	g, _ := open()
	entered(t, g, "a", 3)
	if got := entered(t, g, "b", 3); got != 2 || g.Callers() != 2 {
		t.Errorf("b entered %d times, %d callers", got, g.Callers())
	}
}
