// Characters of a text that no font draws: they come out as the box of a code point that is no character.
(text) => {
  const SIDE = 48;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.font = "32px serif";
  const drawn = (character) => {
    context.clearRect(0, 0, SIDE, SIDE);
    context.fillText(character, 4, 36);
    return context.getImageData(0, 0, SIDE, SIDE).data.join();
  };
  const box = drawn("\u{10FFFF}");
  const printable = [...new Set(text)].filter((character) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(character));
  return printable.filter((character) => drawn(character) === box).sort();
}
