package shop;

import java.util.Locale;
import java.util.Objects;

/**
 * The code of an article, such as "KB-104/de": a family, a number and perhaps a variant. People
 * write codes in capitals or small letters; both mean the same article. A code without a variant
 * is another article than one with it.
 */
public final class Sku implements Comparable<Sku> {
    private final String family;
    private final int number;
    private final String variant;

    private Sku(String family, int number, String variant) {
        this.family = family;
        this.number = number;
        this.variant = variant;
    }

    /** Reads a code; throws IllegalArgumentException when it is none. */
    public static Sku parse(String text) {
        String[] parts = text.strip().split("/", -1);
        int dash = parts[0].indexOf('-');
        if (parts.length > 2 || dash < 1) throw new IllegalArgumentException(text + " is not a code");
        String variant = parts.length == 2 ? parts[1] : null;
        if (variant != null && variant.isEmpty()) throw new IllegalArgumentException(text + " ends in a stroke");
        try {
            return new Sku(parts[0].substring(0, dash), Integer.parseUnsignedInt(parts[0].substring(dash + 1)), variant);
        } catch (NumberFormatException error) {
            throw new IllegalArgumentException(text + " has no number", error);
        }
    }

    public String family() {
        return family.toUpperCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sku that
            && family.equalsIgnoreCase(that.family)
            && number == that.number
            && (variant == null ? that.variant == null : variant.equalsIgnoreCase(that.variant));
    }

    @Override
    public int hashCode() {
        return Objects.hash(family(), number, variant == null ? null : variant.toUpperCase(Locale.ROOT));
    }

    /** By family, then number, then variant, none being first. */
    @Override
    public int compareTo(Sku that) {
        int byFamily = family.compareToIgnoreCase(that.family);
        if (byFamily != 0) return byFamily;
        int byNumber = Integer.compare(number, that.number);
        if (byNumber != 0) return byNumber;
        if (variant == null || that.variant == null) return Boolean.compare(variant != null, that.variant != null);
        return variant.compareToIgnoreCase(that.variant);
    }

    /** The code as it was written. */
    @Override
    public String toString() {
        return family + "-" + number + (variant == null ? "" : "/" + variant);
    }
}
