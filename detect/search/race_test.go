//go:build race

package search_test

const racy = true // pools forget some of what they hold
