"""Papers: what leaves the house as a file. Sheets (CSV, XLSX), pictures of charts (SVG, PNG), printed pages (PDF by typst).

Tables    none. Knows no sales word: rooms hand over rows, drawings, or a template with its data.
Doors     sheets.answer, pictures.answer, press.printed; fonts.chinese_font says what Chinese is printed in.
Promises  Text of people goes into a template as data and never as source. A cell that a spreadsheet would take for a
          formula is shown as the text it is. Numbers stay numbers. Sheets are written row by row, whatever their length.
          Where no Chinese font can be found, `NoChineseFont` says so in a sentence.
"""
