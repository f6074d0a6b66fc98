package entropy

import (
	"math/rand/v2"
	"testing"
)

// TestTextRandom holds the share of random windows that the doc comment says is lost.
func TestTextRandom(t *testing.T) {
	const windows = 400_000
	r := rand.NewChaCha8([32]byte{2})
	for _, n := range []int{32, 48, 66} {
		p, lost := make([]byte, n), 0
		for range windows {
			r.Read(p)
			if Text(p) {
				lost++
			}
		}
		t.Logf("%d of %d random windows of %d bytes", lost, windows, n)
		if lost > windows/100_000 {
			t.Errorf("%d of %d random windows of %d bytes are taken for text", lost, windows, n)
		}
	}
}

func TestText(t *testing.T) {
	const texts = "Ключ недействителен для подписи сообщений и шифрования данных. " +
		"証明書の検証に失敗しました。もう一度やり直してください。無效的憑證鏈結，請檢查設定值是否正確。" +
		"인증서 체인을 확인할 수 없습니다. המפתח אינו תקין עבור חתימה על הודעות זו."
	seen, windows := 0, 0
	for i := 0; i+32 <= len(texts); i++ {
		windows++
		if Text([]byte(texts[i : i+32])) {
			seen++
		}
	}
	if seen*10 < windows*9 {
		t.Errorf("%d of %d windows of text are seen as text", seen, windows)
	}
	if Text([]byte("The quick brown fox jumps over the lazy dog")) {
		t.Error("ASCII has words of its own test")
	}
}

func BenchmarkText(b *testing.B) {
	p := make([]byte, 32)
	rand.NewChaCha8([32]byte{1}).Read(p)
	for b.Loop() {
		Text(p)
	}
}

// TestContinuations counts as a loop over the octets does.
func TestContinuations(t *testing.T) {
	r := rand.NewChaCha8([32]byte{4})
	for n := range 2000 {
		p := make([]byte, 8*(n%7))
		r.Read(p)
		if n%3 == 0 {
			for i := range p {
				p[i] |= 0x80
			}
		}
		all, first := 0, 0
		for i, b := range p {
			if b&0xc0 == 0x80 {
				all++
				if i > 0 && p[i-1]&0xc0 == 0xc0 {
					first++
				}
			}
		}
		if gotAll, gotFirst := continuations(p); gotAll != all || gotFirst != first {
			t.Fatalf("%x: %d and %d, want %d and %d", p, gotAll, gotFirst, all, first)
		}
	}
	// The least that passes for text: eight octets that continue three characters of four octets.
	p := []byte("\xf0\x90\x80\x80\xf0\x90\x80\x80\xf0\x90\x80aaaaaaaaaaaaaaaaaaaaa")
	if !Text(p) {
		t.Error("no text")
	}
}
