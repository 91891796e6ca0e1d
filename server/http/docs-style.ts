/** The look of the docs page: light and dark, 320 px to wide. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d9dee5, #333a44); --dim: light-dark(#5a6472, #9aa5b3); --accent: light-dark(#9a4a14, #f0a36b); --back: light-dark(#f6f7f9, #1b1f25); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); font: 16px/1.55 system-ui, sans-serif; color: light-dark(#1c2128, #e3e8ee); background: light-dark(#fff, #14171b); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line); background: var(--back); font-size: .875rem; }
nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; }
nav .title { font-weight: 700; font-size: 1.1rem; }
nav h2 { margin: 1.2rem 0 .3rem; font-size: .75rem; text-transform: uppercase; letter-spacing: .06em; color: var(--dim); }
main { padding: 1.5rem 2rem 6rem; max-width: 66rem; }
main > h2 { margin-top: 3rem; text-transform: capitalize; }
section { padding: 1rem 0; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
h3 { margin: .2rem 0; }
h3 a { color: inherit; text-decoration: none; }
small, .who { color: var(--dim); font-weight: 400; }
a { color: var(--accent); }
code { font: .875em ui-monospace, monospace; }
.route { display: inline-block; padding: .15rem .5rem; margin: 0 .3rem .3rem 0; border: 1px solid var(--line); border-radius: .4rem; background: var(--back); overflow-wrap: anywhere; }
.route b { color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
em { color: var(--accent); font-style: normal; font-size: .8em; }
@media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
`
