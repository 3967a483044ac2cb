namespace AX2Caption.Api.Errors;

/// <summary>One kind of error that a client can meet.</summary>
/// <param name="Code">Stable snake_case name, for programs.</param>
/// <param name="Title">A sentence, for people; the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record Error(string Code, string Title, int Status)
{
    /// <summary>An occurrence of this error, as the answer to a request.</summary>
    /// <param name="detail">What is wrong this time and what to do about it.</param>
    /// <param name="members">More facts for programs, by name.</param>
    public ErrorResult Because(string detail, params (string Name, object Value)[] members) =>
        new(this, detail) { Members = members };

    /// <summary>An occurrence of this error that is about one value of the request.</summary>
    /// <inheritdoc cref="FieldError"/>
    public ErrorResult About(string field, string message) => About(new FieldError(field, message));

    /// <summary>An occurrence of this error that is about some values of the request, at least one.</summary>
    public ErrorResult About(params FieldError[] fields)
    {
        var first = $"{fields[0].Field} {fields[0].Message}";
        return new ErrorResult(this, fields is [_] ? first : $"{first} There is more: see 'errors'.") { Fields = fields };
    }
}
