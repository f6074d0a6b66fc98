package secret

import (
	"crypto/elliptic"
	"math/big"
)

// rareCurve is a curve y² = x³ + a·x + b that hardly any server uses, computed with slowly.
type rareCurve struct {
	curve
	p, a, n, gx, gy *big.Int
}

// rareCurves are P-224 (SP 800-186, section 3.2.1.1) and the curves of RFC 5639 that OpenSSL offers for TLS.
func rareCurves() []rareCurve {
	number := func(s string) *big.Int { x, _ := new(big.Int).SetString(s, 16); return x }
	k := elliptic.P224().Params()
	return []rareCurve{
		{curve{name: "p224", oid: oid{1, 3, 132, 0, 33}, size: 28}, k.P, new(big.Int).Sub(k.P, big.NewInt(3)), k.N, k.Gx, k.Gy},
		{curve{name: "brainpoolP256r1", oid: oid{1, 3, 36, 3, 3, 2, 8, 1, 1, 7}, size: 32},
			number("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
			number("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
			number("A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"),
			number("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
			number("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997")},
		{curve{name: "brainpoolP384r1", oid: oid{1, 3, 36, 3, 3, 2, 8, 1, 1, 11}, size: 48},
			number("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53"),
			number("7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826"),
			number("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565"),
			number("1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E"),
			number("8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315")},
		{curve{name: "brainpoolP512r1", oid: oid{1, 3, 36, 3, 3, 2, 8, 1, 1, 13}, size: 64},
			number("AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3"),
			number("7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA"),
			number("AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069"),
			number("81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822"),
			number("7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892")},
	}
}

// key makes a key by doubling and adding affine points.
func (c rareCurve) key(s *Source) ecKey {
	d := new(big.Int).SetBytes(s.Bytes(c.size + 8))
	d.Mod(d, c.n)
	var x, y *big.Int
	for i := d.BitLen() - 1; i >= 0; i-- {
		if x != nil {
			x, y = c.sum(x, y, x, y)
		}
		if d.Bit(i) == 1 {
			x, y = c.sum(x, y, c.gx, c.gy)
		}
	}
	fill := func(z *big.Int) []byte { return z.FillBytes(make([]byte, c.size)) }
	return ecKey{curve: c.curve, D: fill(d), X: fill(x), Y: fill(y)}
}

// sum adds two points that are not each other's opposites. The one without coordinates is zero.
func (c rareCurve) sum(x1, y1, x2, y2 *big.Int) (x, y *big.Int) {
	if x1 == nil {
		return x2, y2
	}
	num, den := new(big.Int).Sub(y2, y1), new(big.Int).Sub(x2, x1)
	if den.Sign() == 0 {
		num.Mul(x1, x1).Mul(num, big.NewInt(3)).Add(num, c.a)
		den.Lsh(y1, 1)
	}
	slope := num.Mul(num, den.ModInverse(den.Mod(den, c.p), c.p))
	slope.Mod(slope, c.p)
	x = new(big.Int).Mul(slope, slope)
	x.Sub(x, x1).Sub(x, x2).Mod(x, c.p)
	y = new(big.Int).Sub(x1, x)
	y.Mul(y, slope).Sub(y, y1).Mod(y, c.p)
	return x, y
}

// rareCurveForms are scalars in native limbs and octets whose public half lies elsewhere: as an SPKI, or
// as a bare point behind its length.
func rareCurveForms() (fs []Form) {
	for _, c := range rareCurves() {
		for _, l := range layouts()[:2] {
			add := func(name string, public func(ecKey) []byte) {
				fs = append(fs, form("ec-"+l.name+"-"+c.name+"-"+name, func(src *Source) Secret {
					k := c.key(src)
					return l.in(KindEC, new(big.Int).SetBytes(k.D), k.size, [][]byte{k.D}).with(inPublic(public(k)))
				}).on(l))
			}
			add("spki", func(k ecKey) []byte { return k.spki().der().b })
			add("point", func(k ecKey) []byte { return append([]byte{byte(1 + 2*k.size)}, k.point()...) })
		}
		fs = append(fs, form("der-sec1-"+c.name, func(src *Source) Secret {
			k := c.key(src)
			return k.sec1(true).der().secret("", KindEC, "der", k.D)
		}))
	}
	return fs
}
