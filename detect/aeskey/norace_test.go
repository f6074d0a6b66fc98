//go:build !race

package aeskey

const racing = false
