//go:build !race

package search_test

const racy = false
