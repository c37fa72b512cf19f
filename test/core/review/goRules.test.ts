/** Rules for Go: what each finds, and the code that looks like it and is right. */
import { describeRules } from '../../support/ruleCheck.ts';

const go = (body: string): string => `package a\n\n${body}\n`;

describeRules('rules for Go', [
  {
    rule: 'error-ignored', path: 'a.go',
    wrong: [
      { line: 4, text: go('func F(data []byte) (v T) {\n\tjson.Unmarshal(data, &v)\n\treturn v\n}') },
{ line: 4, text: go('func F(s string) int {\n\tn, _ := strconv.Atoi(s)\n\treturn n\n}') },
      { line: 8, text: go('func save(x int) error {\n\treturn nil\n}\n\nfunc F() {\n\tsave(1)\n}') },
    ],
    clean: [
      go('func F(data []byte) (v T, err error) {\n\terr = json.Unmarshal(data, &v)\n\treturn v, err\n}'),
      go('func F(s string) int {\n\tn, _ := strconv.Atoi(s) // checked by the caller\n\treturn n\n}'),
      go('func F(path string) {\n\tdefer os.Remove(path)\n\tos.Remove(path)\n}'),
      go('func F(s string) int {\n\tdata, _ := os.ReadFile(s)\n\treturn len(data)\n}'),
      go('func note(x int) {\n\tuse(x)\n}\n\nfunc F() {\n\tnote(1)\n}'),
    ],
  },
  {
    rule: 'error-overwritten', path: 'a.go',
    wrong: [go('func F() error {\n\ta, err := one() // !!\n\tb, err := two()\n\tif err != nil {\n\t\treturn err\n\t}\n\tuse(a, b)\n\treturn nil\n}')],
    clean: [
      go('func F() error {\n\ta, err := one()\n\tif err != nil {\n\t\treturn err\n\t}\n\tb, err := two()\n\tuse(a, b)\n\treturn err\n}'),
      go('func F() error {\n\terr := one()\n\terr = wrap(err)\n\treturn err\n}'),
    ],
  },
  {
    rule: 'error-shadowed', path: 'a.go',
    wrong: [go('func F(ok bool) error {\n\tvar err error\n\tif ok {\n\t\tx, err := one() // !!\n\t\tuse(x, err)\n\t}\n\treturn err\n}')],
    clean: [
      go('func F(ok bool) error {\n\tvar err error\n\tif ok {\n\t\t_, err = one()\n\t}\n\treturn err\n}'),
      go('func F(ok bool) error {\n\tif ok {\n\t\tx, err := one()\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tuse(x)\n\t}\n\treturn nil\n}'),
    ],
  },
  {
    rule: 'nil-for-error', path: 'a.go',
    wrong: [
      { line: 6, text: go('func F() error {\n\terr := one()\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn two()\n}') },
    ],
    clean: [
      go('func F() error {\n\terr := one()\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}'),
      go('func F() error {\n\terr := one()\n\tif err != nil {\n\t\treturn nil // the file may be missing\n\t}\n\treturn two()\n}'),
      go('func F() (*T, error) {\n\tx, err := one()\n\tif err != nil {\n\t\treturn nil, nil\n\t}\n\treturn x, nil\n}'),
      go('func F() *T {\n\tx, err := one()\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn x\n}'),
    ],
  },
  {
    rule: 'resource-not-closed', path: 'a.go',
    wrong: [
      go('func F(path string) ([]byte, error) {\n\tf, err := os.Open(path) // !!\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn io.ReadAll(f)\n}'),
      go('func F(url string) ([]byte, error) {\n\tresp, err := http.Get(url) // !!\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn io.ReadAll(resp.Body)\n}'),
    ],
    clean: [
      go('func F(path string) ([]byte, error) {\n\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tdefer f.Close()\n\treturn io.ReadAll(f)\n}'),
      go('func F(path string) (*os.File, error) {\n\tf, err := os.Open(path)\n\treturn f, err\n}'),
      go('func F(url string) ([]byte, error) {\n\tresp, err := http.Get(url)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tdefer resp.Body.Close()\n\treturn io.ReadAll(resp.Body)\n}'),
      go('func F(url string) (*http.Response, error) {\n\tresp, err := http.Get(url)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn resp, nil\n}'),
    ],
  },
  {
    rule: 'lock-held-on-return', path: 'a.go',
    wrong: [go('func (s *S) F(k string) int {\n\ts.mu.Lock()\n\tif s.m == nil {\n\t\treturn 0 // !!\n\t}\n\tn := s.m[k]\n\ts.mu.Unlock()\n\treturn n\n}')],
    clean: [
      go('func (s *S) F(k string) int {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tif s.m == nil {\n\t\treturn 0\n\t}\n\treturn s.m[k]\n}'),
      go('func (s *S) F(k string) error {\n\ts.mu.Lock()\n\tif s.m == nil {\n\t\ts.mu.Unlock()\n\t\tif err := wait(); err != nil {\n\t\t\treturn err\n\t\t}\n\t\ts.mu.Lock()\n\t}\n\ts.mu.Unlock()\n\treturn nil\n}'),
      go('func (s *S) F(k string) int {\n\ts.mu.Lock()\n\tif s.m == nil {\n\t\ts.mu.Unlock()\n\t\treturn 0\n\t}\n\tn := s.m[k]\n\ts.mu.Unlock()\n\treturn n\n}'),
    ],
  },
  {
    rule: 'add-inside-goroutine', path: 'a.go',
    wrong: [go('func F(xs []int) {\n\tvar wg sync.WaitGroup\n\tfor _, x := range xs {\n\t\tgo func() {\n\t\t\twg.Add(1) // !!\n\t\t\tdefer wg.Done()\n\t\t\tuse(x)\n\t\t}()\n\t}\n\twg.Wait()\n}')],
    clean: [go('func F(xs []int) {\n\tvar wg sync.WaitGroup\n\tfor _, x := range xs {\n\t\twg.Add(1)\n\t\tgo func() {\n\t\t\tdefer wg.Done()\n\t\t\tuse(x)\n\t\t}()\n\t}\n\twg.Wait()\n}')],
  },
  {
    rule: 'off-by-one', path: 'a.go',
    wrong: [go('func F(xs []int) {\n\tfor i := 0; i <= len(xs); i++ { // !!\n\t\tuse(xs[i])\n\t}\n}'), go('func Last(xs []int) int {\n\treturn xs[len(xs)] // !!\n}')],
    clean: [go('func F(xs []int) {\n\tfor i := 0; i < len(xs); i++ {\n\t\tuse(xs[i])\n\t}\n}'), go('func Last(xs []int) int {\n\treturn xs[len(xs)-1]\n}'), go('func F(s string) {\n\tfor i := 0; i <= len(s); i++ {\n\t\tuse(s[:i])\n\t}\n}')],
  },
  { rule: 'swapped-arguments', path: 'a.go', wrong: [go('func resize(width, height int) int {\n\treturn width*2 + height\n}\n\nfunc F(width, height int) int {\n\tn := 2\n\treturn n * resize(height, width) // !!\n}')], clean: [go('func resize(width, height int) int {\n\treturn width*2 + height\n}\n\nfunc F(width, height int) int {\n\treturn resize(width, height)\n}')] },
  { rule: 'identical-operands', path: 'a.go', wrong: [go('func F(a T) bool {\n\treturn a.x == a.x // !!\n}')], clean: [go('func F(a, b T) bool {\n\treturn a.x == b.x && f(a) == f(a)\n}')] },
  { rule: 'identical-branches', path: 'a.go', wrong: [{ line: 4, text: go('func F(a int) int {\n\tif a > 1 {\n\t\treturn use(a)\n\t} else {\n\t\treturn use(a)\n\t}\n}') }], clean: [go('func F(a int) int {\n\tif a > 1 {\n\t\treturn use(a)\n\t} else {\n\t\treturn use(-a)\n\t}\n}')] },
  { rule: 'unreachable-code', path: 'a.go', wrong: [go('func F(a int) int {\n\treturn a\n\tuse(a) // !!\n}')], clean: [go('func F(a int) int {\n\tif a > 0 {\n\t\treturn a\n\t}\n\treturn -a\n}')] },
  { rule: 'length-below-zero', path: 'a.go', wrong: [go('func F(xs []int) bool {\n\treturn len(xs) >= 0 // !!\n}')], clean: [go('func F(xs []int) bool {\n\treturn len(xs) > 0\n}')] },
]);
