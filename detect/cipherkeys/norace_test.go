//go:build !race

package cipherkeys

const racing = false
