package bank;

/** The bank does not do what it was asked to. */
public final class RefusedException extends RuntimeException {
    public RefusedException(String reason) {
        super(reason);
    }
}
