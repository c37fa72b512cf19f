package bank;

/** Money of one customer, in cents. */
public final class Account {
    private final String number;
    private long balance;
    private long overdraft;
    private boolean frozen;

    public Account(String number, long balance, long overdraft) {
        if (overdraft < 0) throw new IllegalArgumentException("overdraft must not be negative");
        this.number = number;
        this.balance = balance;
        this.overdraft = overdraft;
    }

    public String number() {
        return number;
    }

    public long balance() {
        return balance;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** Nothing goes in or out of a frozen account. */
    public void freeze() {
        frozen = true;
    }

    public void unfreeze() {
        frozen = false;
    }

    /** Puts money in. Throws RefusedException when the account is frozen. */
    public void deposit(long cents) {
        checkAmount(cents);
        if (frozen) throw new RefusedException(number + " is frozen");
        balance += cents;
    }

    /** Takes money out. Throws RefusedException when the account is frozen or does not have so much. */
    public void withdraw(long cents) {
        checkAmount(cents);
        if (frozen) throw new RefusedException(number + " is frozen");
        if (balance + overdraft < cents) throw new RefusedException(number + " has too little money");
        balance -= cents;
    }

    private static void checkAmount(long cents) {
        if (cents <= 0) throw new IllegalArgumentException("amount must be above zero");
    }
}
