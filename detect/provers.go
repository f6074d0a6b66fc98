package detect

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/digitpair"
	"github.com/dumpscrub/dumpscrub/detect/ecobject"
	"github.com/dumpscrub/dumpscrub/detect/ecscalar"
	"github.com/dumpscrub/dumpscrub/detect/jwtkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
	"github.com/dumpscrub/dumpscrub/detect/rsapair"
	"github.com/dumpscrub/dumpscrub/detect/rsaprime"
	"github.com/dumpscrub/dumpscrub/detect/sshshield"
	"github.com/dumpscrub/dumpscrub/detect/storepass"
	"github.com/dumpscrub/dumpscrub/detect/stringpair"
	"github.com/dumpscrub/dumpscrub/detect/tlssecret"
	"github.com/dumpscrub/dumpscrub/detect/wrapped"
)

// Provers returns the detectors of the second pass, built from what the first one
// learned. A family that the facts give nothing to prove for is not in the list.
func Provers(f probe.Facts) []probe.Detector {
	near := f
	near.SPKI = f.SPKI[:f.Roots]
	ds := []probe.Detector{
		sshshield.New(f),
		wrapped.NewKeyblock(f),
		wrapped.NewOpenVPNPair(f),
		wrapped.NewIKE(f),
		publickey.Objects(f),
		publickey.PointObjects(f),
		rsapair.NewModulus(f),
		digitpair.NewModulus(f),
		rsaprime.New(f),
		rsaprime.NewResidues(f),
		tlssecret.New(f),
		tlssecret.NewMaster(f),
		tlssecret.NewPointed(f),
		ecobject.New(f),
		ecscalar.Beside(f),
		ecscalar.New(near),
		digitpair.NewScalar(f),
		stringpair.New(f),
		jwtkey.Text(f),
		jwtkey.Wide(f),
		jwtkey.Octets(f),
		storepass.Text(f),
		storepass.Wide(f),
	}
	return slices.DeleteFunc(ds, func(d probe.Detector) bool { return d == nil })
}
