module example.com/x

go 1.22 // why

require (
	github.com/a/b v1.2.3 // indirect
	"github.com/c/d" v0.0.0-20200101000000-abcdefabcdef
)

replace github.com/a/b => ../b
exclude github.com/c/d v1.0.0
