// For tests/web/test_numbers.py: numbers as the page writes them.

import { number } from "../src/page/quantities.ts";
import { answer, asked } from "./data.ts";

answer((asked() as readonly number[]).map(number));
