package bucket

import (
	"testing"
	"time"
)

var start = time.Unix(1_700_000_000, 0)

func made(t *testing.T, size int, rate float64) *Bucket {
	t.Helper()
	b, err := New(size, rate, start)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func after(d time.Duration) time.Time { return start.Add(d) }

func TestNeverMoreThanItsSize(t *testing.T) {
	b := made(t, 3, 2)
	if b.Take(4, after(time.Minute)) {
		t.Error("took 4 of 3")
	}
	if !b.Take(3, after(time.Minute)) || b.Take(1, after(time.Minute)) {
		t.Error("a full bucket holds 3")
	}
	if !b.Take(1, after(time.Minute+500*time.Millisecond)) {
		t.Error("half a second is one token")
	}
}

func TestOneLargeTokenRate(t *testing.T) {
	b := made(t, 2, 100)
	if !b.Take(1, after(0)) || !b.Take(2, after(time.Second)) || b.Take(1, after(time.Second)) {
		t.Error("more than 2 tokens")
	}
}

func TestPartOfATokenIsKept(t *testing.T) {
	b := made(t, 2, 1)
	b.Take(2, start)
	if b.Take(1, after(600*time.Millisecond)) {
		t.Error("took 0.6 tokens for one")
	}
	if !b.Take(1, after(1200*time.Millisecond)) {
		t.Error("1.2 tokens are enough for one")
	}
}

func TestClockGoesBack(t *testing.T) {
	b := made(t, 2, 1)
	b.Take(1, start)
	if !b.Take(1, after(-time.Hour)) || b.Take(1, after(-time.Hour)) {
		t.Error("one token was left")
	}
	if b.Take(1, start) {
		t.Error("nothing was gained")
	}
}

func TestWait(t *testing.T) {
	b := made(t, 2, 2)
	if _, ever := b.Wait(3, start); ever {
		t.Error("3 of 2 can never be")
	}
	b.Take(2, after(time.Hour))
	if d, ever := b.Wait(1, after(time.Hour)); !ever || d != 500*time.Millisecond {
		t.Errorf("Wait = %v, %v", d, ever)
	}
	if d, ever := b.Wait(2, after(3*time.Hour)); !ever || d != 0 {
		t.Errorf("Wait = %v, %v", d, ever)
	}
}
