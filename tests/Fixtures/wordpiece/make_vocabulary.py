"""Writes vocab.txt, the tiny vocabulary of the WordPiece tests: python3 make_vocabulary.py > vocab.txt"""
letters = "abcdefghijklmnopqrstuvwxyz"
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
words = ("the a an lawyer lawyers doctor judge saw near bank play run sleep uni cafe naive resume zurich strasse un want able believ "
         "sep cls mask odos o2 42 kelvin").split()
pieces = ["##" + p for p in "ed ing s er able ly ness aff zur ich ##".split()]
punctuation = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + list("—…“”’¿«»·、。「」")
foreign = list("αβγορσςδ") + ["οδος", "привет", "##ет", "東", "京", "大", "学", "龜", "見", "か", "##き", "ñ", "é", "ß", "æ", "ø", "ł", "ı", "€", "£", "²",
           "ᄒ", "##ᅡ", "##ᆫ", "한", "😀", "##😀", "👍", "👩", "##🚀", "𐐨", "##𐐩", "É", "Lawyer", "T", "##he", "##É", "𠀀", "が", "ா", "##ா", "க", "##ொ"]
tokens = special + words + pieces + list(letters) + ["##" + c for c in letters] + list("0123456789") + ["##" + c for c in "0123456789"] + punctuation + foreign
print("\n".join(dict.fromkeys(tokens)))
