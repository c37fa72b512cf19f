/** Decides what `--help` says. */
export const HELP = `Groundcrew fixes bugs with a local model and proves each fix by running your tests. Nothing leaves this machine.

  groundcrew fix [words…]        Fix a bug: the failing test, or what the words describe
      --test "<argv>"            The command that fails; typing it approves it, confined, for this run
      --file <path>[:<line>]     Where to look first
      --plan-first               The planner writes a plan before anything is changed
      --apply | --no-apply       Write the verified change, or never; without either a terminal asks
      --samples <n>              Rewrites to ask for
      --sources <list>           mechanical,cloze,rewrite
      --budget-minutes <n>       Time for the whole run (15)
      --budget-tokens <n>        Tokens for the whole run, read and written (200000)
  groundcrew review [paths… | --changes]   Findings on files, or on what changed since HEAD
      --sarif <file>             The findings as SARIF 2.1.0, for a code host
  groundcrew runs                Runs in this workspace
  groundcrew trace <run> [--html <file>]   Every message, call, check and candidate
  groundcrew resume <run>        Go on with a run that was cut off
  groundcrew undo <run>          Restore the files that a run changed
  groundcrew doctor              What works here, and what to do about the rest
  groundcrew lsp --stdio         The same findings in any editor that speaks the Language Server Protocol
  groundcrew models              Models on your Ollama and whether they fit

  Common: --cwd <folder>  --model <name>  --host <url> (repeatable)  --approve ask|safe|never
          --unconfined  --json  --quiet

  Exit: 0 fixed or reviewed · 1 not fixed, or a finding shown to be an error · 2 cannot run · 3 not reproduced · 4 needs approval · 130 stopped
`;
