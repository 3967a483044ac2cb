namespace AX2Caption.Api.Errors;

/// <summary>Carries an error out of code that cannot return one, such as a stream.</summary>
internal sealed class RefusedException(ErrorResult answer, Exception? inner = null) : Exception(answer.Error.Title, inner)
{
    public ErrorResult Answer => answer;
}
