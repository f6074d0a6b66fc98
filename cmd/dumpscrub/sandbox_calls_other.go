//go:build !amd64 && !arm64 && !386

package main

const auditArch = 0

func archCalls() []uint32 { return nil }
