package search

// pairs says how rare each pair of letters is in English documentation and source
// code, whatever its case: row the first letter, column the second. A digit d
// stands for 6 + 1.4·d bits. It was counted over 30 MB of both; nothing but speed
// depends on it.
const pairs = "" +
	"33225437364121736121345446" + "35463657347366357445377637" + "25452552382236146332357557" + "35531555276455356434455458" +
	"24213235465221433111533236" + "36543357187354258344277758" + "56562653387453357334467777" + "27661667287656368453577868" +
	"33223227675220236321637483" + "58774888787878578857588888" + "46462757487665668646576878" + "25531455176265257533346736" +
	"24541567376446327634477757" + "25221326374454257511346747" + "43225247364321328122233677" + "25451554394355236242365737" +
	"77878777898677887677387888" + "25331435284432247222345737" + "35351553282244336411355735" + "25341451186444237123264427" +
	"43343448387332638222767586" + "26652667386547356656766688" + "37554774388665368457775788" + "45464587486747647653768568" +
	"56665668588544428433775887" + "57873888598767688777787876"

// letters is how rare each letter is, in bits.
const letters = "54554666468555456644466778"

// rarity returns how rarely memory holds s, in tenths of bits. Letters are judged
// by text, all else coarsely: zero and 0xff fill pages, small numbers are everywhere.
func rarity(s string) int {
	sum, before := 0, -1
	for i := range len(s) {
		b := s[i]
		k := int(b|0x20) - 'a'
		letter := k >= 0 && k < 26
		switch {
		case letter && before >= 0:
			// The chance of this letter behind the one before it.
			sum += 60 + 14*int(pairs[26*before+k]-'0') - 10*int(letters[before]-'0')
		case letter:
			sum += 10 * int(letters[k]-'0')
		case b == 0:
			sum += 5
		case b == ' ':
			sum += 27
		case b == 0xff || b < 8:
			sum += 40
		case b == '_' || b == '-' || b == '\n':
			sum += 55
		default:
			sum += 75
		}
		before = -1
		if letter {
			before = k
		}
	}
	return sum
}
