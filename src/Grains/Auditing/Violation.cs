namespace AX2Caption.Grains.Auditing;

/// <summary>Something that must never be so.</summary>
/// <param name="Rule">Name of the rule that is broken.</param>
/// <param name="Subject">The row or object concerned.</param>
/// <param name="Detail">What was found.</param>
public sealed record Violation(string Rule, string Subject, string Detail);
