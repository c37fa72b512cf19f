package counter

import "sync"

type Counter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *Counter) Add(key string) int {
	c.mu.Lock()
	if c.counts == nil {
		c.mu.Unlock()
		return 0
	}
	c.counts[key]++
	n := c.counts[key]
	c.mu.Unlock()
	return n
}
