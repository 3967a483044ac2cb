namespace AX2Caption.Testing.Service;

/// <summary>The API answered with an error where success was expected.</summary>
public sealed class ApiException(ClientProblem problem) : Exception($"{problem.Status} {problem.Code}: {problem.Detail}")
{
    /// <summary>The answer.</summary>
    public ClientProblem Problem => problem;
}
