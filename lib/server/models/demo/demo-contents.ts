/** Contents of the documents that the built-in demo model writes. */

export const TEXT = `# A document from the demo

*No model is connected: this text is part of a script.*

## What a document is for

Some answers are worth keeping: a letter, a plan, a report. They are written next to the chat, so that you can read, copy and edit them while the conversation continues.

## What happens while it is written

1. The model calls a tool with a title.
2. The server requests the text from the model and streams it to the page.
3. The text so far is saved, even if you stop the model in the middle.

## What a real model adds

With \`OPENAI_BASE_URL\` set, the text is about what you asked for.
`;

export const PROGRAM = `# A program from the demo: no model is connected, this is part of a script.


def collatz(number: int) -> list[int]:
    """The steps from a number down to 1: halve what is even, else triple it and add one."""
    steps = [number]
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps.append(number)
    return steps


print(collatz(27))
`;

export const TABLE = `planet,day in hours,year in days,moons
Mercury,4222.6,88.0,0
Venus,2802.0,224.7,0
Earth,24.0,365.2,1
Mars,24.7,687.0,2
Jupiter,9.9,4331,95
Saturn,10.7,10747,146
Uranus,17.2,30589,28
Neptune,16.1,59800,16
`;

export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page from the demo</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 30rem; }
      svg { width: 100%; height: auto; }
    </style>
  </head>
  <body>
    <h1>A page from the demo</h1>
    <p>No model is connected: this page is part of a script.</p>
    <svg viewBox="0 0 300 120" role="img" aria-label="Three circles, each larger than the one before">
      <circle cx="40" cy="60" r="15" fill="#94a3b8" />
      <circle cx="120" cy="60" r="30" fill="#64748b" />
      <circle cx="230" cy="60" r="45" fill="#334155" />
    </svg>
  </body>
</html>
`;

export const LIST = `# Packing list: a week of hiking

*From the built-in demo: a script, no model is connected.*

## To wear

- Hiking boots, worn in, and light shoes for the evening
- 3 pairs of hiking socks
- 2 shirts that dry quickly and 1 warm layer
- Rain jacket and rain trousers
- Hat, gloves and sunglasses

## To sleep and eat

- Sleeping bag, or a liner where there are huts
- Stove, gas, lighter and a pot
- Water bottles for 2 liters and tablets to treat water
- Food for the days without a shop

## To find the way

- Map and compass
- Phone, charger and a power bank
- Headlamp with spare batteries

## In case

- First-aid kit with blister plasters
- Sunscreen and insect repellent
- Pocket knife, repair tape and a whistle
- Identity card, insurance card and some cash
`;

export const PLOT = `# A chart from the demo: no model is connected, this is part of a script.

months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
hours = [46, 75, 130, 172, 219, 230, 225, 205, 150, 98, 55, 37]

print("Hours of sunshine in a year:", sum(hours))
print("The sunniest month:", months[hours.index(max(hours))])
plot(months, hours, kind="bar", title="Hours of sunshine", ylabel="hours")
`;

export const SUGGESTIONS = [
  {
    original: 'Some answers are worth keeping: a letter, a plan, a report.',
    suggested: 'A letter, a plan or a report is worth keeping.',
    description: 'Say it in one breath (part of the script)',
  },
  {
    original: 'The model calls a tool with a title.',
    suggested: 'The model calls a tool and gives it a title.',
    description: 'Clearer (part of the script)',
  },
  {
    original: 'the text is about what you asked for',
    suggested: 'the text is about your question',
    description: 'Shorter (part of the script)',
  },
  {
    original: 'Hiking boots, worn in, and light shoes for the evening',
    suggested: 'Hiking boots that are worn in, and sandals for the evening',
    description: 'Sandals are lighter (part of the script)',
  },
  {
    original: 'Food for the days without a shop',
    suggested: 'Food for the days without a shop, and one day more',
    description: 'Weather may hold you up (part of the script)',
  },
  {
    original: 'Headlamp with spare batteries',
    suggested: 'Headlamp, charged, with spare batteries',
    description: 'Easily forgotten (part of the script)',
  },
];
