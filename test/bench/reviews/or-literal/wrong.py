def count_vowels(word):
    count = 0
    for letter in word.lower():
        if letter == "a" or "e" or letter in "iou":
            count += 1
    return count
