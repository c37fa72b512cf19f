package store

import (
	"encoding/json"
	"os"
)

func Save(path string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return os.WriteFile(path, data, 0o600)
}
