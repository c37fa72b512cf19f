package largest

// Largest of values, which must not be empty.
func Largest(values []int) int {
	best := 0
	for _, value := range values {
		if value > best {
			best = value
		}
	}
	return best
}
