def shift(text, by):
    result = []
    for letter in text:
        if letter.isalpha() and letter.islower():
            result.append(chr((ord(letter) - ord("a") + by) % 26 + ord("a")))
        else:
            result.append(letter)
    return "".join(result)
