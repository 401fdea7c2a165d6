package dev.mme5.cli;

/** Entry. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("mme5");
    }
}
