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
