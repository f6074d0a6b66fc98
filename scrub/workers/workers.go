package workers

import (
	"context"
	"sync"
	"sync/atomic"
)

// Parallel calls do(worker, i) for every i in [0, n) on up to jobs goroutines and
// returns the error of the lowest i that failed, so that errors are as
// deterministic as results. After an error or a cancellation the rest is left.
func Parallel(ctx context.Context, jobs int, n int64, do func(worker int, i int64) error) error {
	jobs = int(min(int64(jobs), n))
	var (
		next   atomic.Int64
		stop   atomic.Bool
		mu     sync.Mutex
		first  = int64(-1)
		failed error
		wg     sync.WaitGroup
	)
	for w := range jobs {
		wg.Go(func() {
			for !stop.Load() {
				i := next.Add(1) - 1
				if i >= n {
					return
				}
				err := ctx.Err()
				if err == nil {
					err = Guard(func() error { return do(w, i) })
				}
				if err != nil {
					stop.Store(true)
					mu.Lock()
					if first < 0 || i < first {
						first, failed = i, err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return failed
}
